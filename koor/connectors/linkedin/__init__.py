"""LinkedIn: persons and pages of organisations, through the versioned REST interface (Posts API)."""
