"""YouTube: films brought in pieces as private, shown in one step; comments read and answered."""
