"""The dialogues of the settings; `config_flow.py` has the entry's own."""
