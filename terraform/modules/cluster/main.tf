# The writer's work on Spark: the same rows and publishing code, in rounds of one commit for all shards
# (docs/scale.md). The application is the cluster; runs of the job come and go on it (keeper.tf).

locals {
  # A worker, be it the driver or an executor, has four processors, and Python beside Java.
  worker = { vcpu = 4, java_gb = 10, python_gb = 6 }

  application_arn = aws_emrserverless_application.cluster.arn

  # The driver's environment; tasks get what they need with their work.
  environment = merge(var.writer.environment, {
    STREAM_NAME   = var.stream.name
    ROUND_SECONDS = tostring(var.settings.round_seconds)
    AWS_REGION    = var.account.region
    JARS_DIR      = "." # They are Spark's to load.
    PYTHONPATH    = "./headwater"
    # The release's own; what the code depends on is in the zip, for that version.
    PYSPARK_PYTHON        = "python3.13"
    PYSPARK_DRIVER_PYTHON = "python3.13"
  })

  spark_properties = merge(
    {
      "spark.archives"                   = "${local.code}/${aws_s3_object.zip.key}#headwater"
      "spark.jars"                       = join(",", [for jar in aws_s3_object.jar : "${local.code}/${jar.key}"])
      "spark.executorEnv.PYTHONPATH"     = "./headwater"
      "spark.executorEnv.PYSPARK_PYTHON" = "python3.13"

      # Else Spark asks Glue for databases that it has no use for.
      "spark.sql.catalogImplementation" = "in-memory"
      "spark.log.level"                 = "WARN"

      "spark.driver.cores"                       = tostring(local.worker.vcpu)
      "spark.driver.memory"                      = "${local.worker.java_gb}g"
      "spark.driver.memoryOverhead"              = "${local.worker.python_gb}g"
      "spark.executor.cores"                     = tostring(local.worker.vcpu)
      "spark.executor.memory"                    = "${local.worker.java_gb}g"
      "spark.executor.memoryOverhead"            = "${local.worker.python_gb}g"
      "spark.dynamicAllocation.initialExecutors" = "1"
      "spark.dynamicAllocation.minExecutors"     = "1"
      "spark.dynamicAllocation.maxExecutors"     = tostring(var.settings.max_vcpu / local.worker.vcpu - 1)
    },
    { for name, value in local.environment : "spark.emr-serverless.driverEnv.${name}" => value },
  )

  code = "s3://${var.lake.bucket.name}"
}

resource "aws_cloudwatch_log_group" "cluster" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/emr-serverless/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_emrserverless_application" "cluster" {
  name          = var.name
  type          = "spark"
  release_label = "emr-spark-8.1.0" # Spark 4.1.1, Python 3.13.
  architecture  = upper(var.code.architecture)

  # What a mistake may cost at most.
  maximum_capacity {
    cpu    = "${var.settings.max_vcpu} vCPU"
    memory = "${var.settings.max_vcpu / local.worker.vcpu * (local.worker.java_gb + local.worker.python_gb)} GB"
    disk   = "${var.settings.max_vcpu / local.worker.vcpu * 20} GB"
  }

  auto_start_configuration {
    enabled = true
  }

  # A stopped application costs nothing, and is the only one that AWS deletes.
  auto_stop_configuration {
    enabled              = true
    idle_timeout_minutes = 1
  }

  network_configuration {
    subnet_ids         = var.settings.subnet_ids
    security_group_ids = [aws_security_group.cluster.id]
  }
}

# Switched off while it writes, the cluster would leave behind a run that nobody ends: AWS deletes no
# application with a run on it. Destroyed before everything else of it.
resource "terraform_data" "runs_guard" {
  input = { writes = var.settings.writes }

  provisioner "local-exec" {
    when       = destroy
    on_failure = fail
    command    = self.input.writes ? "echo 'The cluster still writes: set cluster.writes = false, apply, and switch it off ten minutes later.' >&2; exit 1" : "true"
  }

  depends_on = [
    aws_emrserverless_application.cluster,
    aws_sfn_state_machine.keeper,
    aws_cloudwatch_event_target.keeper,
  ]
}
