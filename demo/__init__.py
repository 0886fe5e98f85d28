"""A small house that answers: real Home Assistant, the servers of this project, and a virtual satellite that speaks."""
