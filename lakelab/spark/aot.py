"""stub"""
from pathlib import Path
from lakelab.spark.java import Java
def cache_file(runtime: Java) -> Path | None:
    return None
