"""A wake word of one's own, made on a small machine from recordings and synthetic voices, without a training run."""
