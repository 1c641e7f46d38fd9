"""What Prometheus is told at ``/metrics`` of the site: the counts that the functions log.

Nothing is counted twice. On AWS the functions' lines become CloudWatch's metrics, in its embedded
format and by metric filters; here ``log`` reads the same lines as they are written, ``translation``
turns each into samples, and ``exporter`` adds these up. ``state`` is what no line says: the tables,
the consumers' lag and the parts that run. ``vocabulary`` names all of it, for docs/metrics.md too.
"""
