"""What a turn of a conversation means, given the turns before it; and the conversations that are kept."""
