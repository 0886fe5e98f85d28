"""Words: terms, sentences, letters."""
