"""The household's own words, as recognisers are told them."""

from wyoming_servers.runtime.vocabulary import Name, Vocabulary, VocabularyError, load_vocabulary, save_vocabulary

__all__ = ["Name", "Vocabulary", "VocabularyError", "load_vocabulary", "save_vocabulary"]
