"""The prompt lab's bench: versions to edit and compare, and to try side by side on one turn whose passages are held still."""
