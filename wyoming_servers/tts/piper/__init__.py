"""Voices of Piper: their files, their phonemes, their networks."""
