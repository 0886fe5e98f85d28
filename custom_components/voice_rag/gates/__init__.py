"""What stands between a model, or a sentence, and the house: pure judgements on words, calls and claims."""
