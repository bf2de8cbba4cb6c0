"""Child processes: started, watched, restarted, ended with their parent."""
