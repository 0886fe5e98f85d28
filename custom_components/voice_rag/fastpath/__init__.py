"""Commands understood without a model: words, lemmas, slots, commands. Knows nothing of Home Assistant."""
