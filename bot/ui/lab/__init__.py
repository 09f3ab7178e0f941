"""The prompt lab: versions to edit and compare, and to try side by side on one turn whose passages are held still."""
