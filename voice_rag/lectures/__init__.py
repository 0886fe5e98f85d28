"""What the lectures of `knowledge` need of the speech server's package: sound from files, and words from sound."""
