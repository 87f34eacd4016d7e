"""Pages of the relations room."""
