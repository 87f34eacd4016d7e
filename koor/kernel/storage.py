"""Where the bytes of the house's files lie: in `$KOOR_HOME/files`, or in a bucket when KOOR_S3_BUCKET names one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def of_house(home: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """The default entry of STORAGES. `given`: the environment."""
    bucket = given.get("KOOR_S3_BUCKET", "").strip()
    if not bucket:
        options = {"location": str(home / "files"), "base_url": None, "file_permissions_mode": 0o600}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    endpoint = given.get("KOOR_S3_ENDPOINT", "").strip() or None
    return {
        "BACKEND": "koor.kernel.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint,
            "region_name": given.get("KOOR_S3_REGION", "").strip() or None,
            "access_key": given.get("KOOR_S3_KEY", "").strip() or None,
            "secret_key": given.get("KOOR_S3_SECRET", "").strip() or None,
            "location": given.get("KOOR_S3_FOLDER", "").strip("/ "),
            "addressing_style": "path" if endpoint else "auto",
            "signature_version": "s3v4",
            "default_acl": None,  # private: the house serves its files itself, after it has looked who asks
            "file_overwrite": True,  # the name is the digest, so what is overwritten is the same
        },
    }
