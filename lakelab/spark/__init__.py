"""Starting Spark well: Java, gateway, AOT cache, session. The only place that starts a JVM or knows a Java flag."""
