"""Lakes that are alike: one is filled, and each process that is measured gets it as it was then."""

from writer.peer import catalog


def register_again(endpoint: str, database: str, copy: str) -> None:
    """Register the tables of a database, at the state that they have now, in another one too.

    What is committed to a table in one of the databases is not seen in the other: Iceberg's files
    are never changed, and the catalog alone says which of the metadata files is the newest.
    """
    of_endpoint = catalog(endpoint)
    for identifier in of_endpoint.list_tables(database):
        newest = of_endpoint.load_table(identifier).metadata_location
        of_endpoint.register_table((copy, identifier[-1]), newest)
