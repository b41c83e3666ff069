from depot.apps.audit.models.entry import Entry
