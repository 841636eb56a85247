"""What went wrong on a node, in words that say what to do."""

from index.keeping.bulk import BulkError


def explained(error: Exception, address: str) -> Exception:
    """Return what to raise for an error of Ray's: the cluster's trouble, or a bug as it is."""
    told = str(error).strip()
    if "ModuleNotFoundError" in told:  # where this program's functions are unpickled
        return BulkError(
            f"A node of the Ray cluster {address} lacks what reads and embeds: "
            f"{told.splitlines()[-1]}.",
            "Install this program on every node, in the Python that runs Ray there.",
        )
    if type(error).__name__.startswith("RayTaskError"):  # its text is the traceback on the node
        return error
    return BulkError(
        f"The Ray cluster {address} failed: {told.partition(chr(10))[0]}",
        "Look after the cluster and go on: what was stored so far is kept.",
    )
