"""Commands understood without a model: words -> lemmas -> slots -> command. Knows nothing of Home Assistant's runtime."""
