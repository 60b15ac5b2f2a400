"""
Cloud Storage: buckets, and what lies in them.

    acls             access control lists, where access is not uniform
    bucket_fields    what a bucket is told, checked and filled in
    bucket_policies  who may use a bucket
    buckets          buckets
    conditions       conditions under which a request is carried out
    contents         contents, whole or in part, and their sums
    objects          objects
    service          what the service says of itself
    uploads          the forms in which objects come
"""
