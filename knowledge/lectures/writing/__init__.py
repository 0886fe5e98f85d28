"""What is written about a lecture: chapters, summary, glossary."""
