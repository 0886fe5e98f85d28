"""Home commands as an automaton: can these words still become one, and are they one already?"""
