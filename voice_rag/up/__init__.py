"""`voice-rag up`: all servers of one configuration file, kept running."""
