"""Words about ports that can't be listened on."""

import errno


def explain_bind_failure(err: OSError, host: str, port: int, option: str) -> str:
    """Return what to do about a port that can't be listened on."""
    if err.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already in use. Stop the other program or choose another port with {option}."
    if err.errno in (errno.EACCES, errno.EPERM):
        return f"No permission to listen on port {port} of {host}. Choose a port above 1023 with {option}."
    return f"Can't listen on {host}:{port}: {err.strerror or err}. Check the address and {option}."
