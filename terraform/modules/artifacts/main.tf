# The only place with side effects: what is built here is named after the digest of everything it
# is built from, and built when that changes.

locals {
  lambdas = "${var.source_root}/lambdas"

  # Whole folders, whatever is in them: a kind of file left out here would change nothing when it
  # changes. What Python caches is in neither artifact (lambda_zip.py, .dockerignore), nor what Finder and
  # editors leave behind.
  sources = {
    api = [
      "lambdas/{api,contract}/pyproject.toml",
      "lambdas/{api,contract}/src/**",
      "requirements.txt",
      "terraform/modules/artifacts/tools/lambda_zip.py",
    ]
    sinks = [
      "lambdas/{sinks,contract}/pyproject.toml",
      "lambdas/{sinks,contract}/src/**",
      "requirements.txt",
      "terraform/modules/artifacts/tools/lambda_zip.py",
    ]
    reports = [
      "lambdas/{reports,contract}/pyproject.toml",
      "lambdas/{reports,contract}/src/**",
      "reports/dist/**",
      "requirements.txt",
      "terraform/modules/artifacts/tools/lambda_zip.py",
    ]
    cluster = [
      "lambdas/{contract,documents,spark_writer}/pyproject.toml",
      "lambdas/{contract,documents,spark_writer}/src/**",
      "requirements.txt",
      "terraform/modules/artifacts/tools/lambda_zip.py",
    ]
    # What a Dockerfile copies, and what says how.
    writer = [
      ".dockerignore",
      "lambdas/{contract,documents,spark_writer}/**",
      "lambdas/{api,sinks,poller,reports}/pyproject.toml",
      "local/pyproject.toml",
      "local/src/headwater_local/ministack/aws_stand_in.txt",
      "{pyproject.toml,requirements.txt,requirements-build.txt,requirements-uv.txt}",
    ]
    poller = [
      ".dockerignore",
      "lambdas/{api,contract,documents,poller}/**",
      "lambdas/{reports,sinks,spark_writer}/pyproject.toml",
      "local/pyproject.toml",
      "{pyproject.toml,requirements.txt,requirements-uv.txt}",
    ]
  }
  files = {
    for part, patterns in local.sources : part => [
      for file in sort(flatten([for pattern in patterns : tolist(fileset(var.source_root, pattern))])) :
      file if !can(regex("(^|/)(__pycache__/|\\.idea/|\\.vscode/|\\.DS_Store$|\\._|\\.#)|(~|\\.sw[op])$", file))
    ]
  }

  builds_api     = var.prebuilt.api_zip == null
  builds_sinks   = var.sinks && var.prebuilt.sinks_zip == null
  builds_reports = var.reports && var.prebuilt.reports_zip == null
  builds_cluster = var.cluster && var.prebuilt.cluster_zip == null
  fetches_jars   = var.cluster && var.prebuilt.cluster_jars == null
  builds_image = {
    writer = var.prebuilt.writer_image_uri == null
    poller = var.has_poller && var.prebuilt.poller_image_uri == null
  }
  dockerfiles = { for part in ["writer", "poller"] : part => "lambdas/${part == "writer" ? "spark_writer" : part}/Dockerfile" if local.builds_image[part] }

  digests = {
    for part, files in local.files :
    part => substr(sha256(join("\n", [for file in files : "${file} ${filesha256("${var.source_root}/${file}")}"])), 0, 16)
  }

  api_zip     = "${path.module}/build/api-${var.architecture}-${local.digests.api}.zip"
  sinks_zip   = "${path.module}/build/sinks-${var.architecture}-${local.digests.sinks}.zip"
  reports_zip = "${path.module}/build/reports-${var.architecture}-${local.digests.reports}.zip"
  cluster_zip = "${path.module}/build/cluster-${var.architecture}-${local.digests.cluster}.zip"

  # Named as the tool names them, after what is pinned.
  jars_toml    = "lambdas/spark_writer/src/headwater_writer/spark/jars.toml"
  pinned_jars  = try(regexall("name = \"([^\"]+)\"\nversion = \"([^\"]+)\"", file("${var.source_root}/${local.jars_toml}")), [])
  cluster_jars = [for jar in local.pinned_jars : "${path.module}/build/jars/${jar[0]}-${jar[1]}.jar"]

  image_tags = { for part in keys(local.dockerfiles) : part => "${var.architecture}-${local.digests[part]}" }
  image_uris = { for part, tag in local.image_tags : part => "${aws_ecr_repository.image[part].repository_url}:${tag}" }
  # Whether the registry has the tag: written, and looked at, while the image is made.
  pushed_notes = { for part, tag in local.image_tags : part => "${path.module}/build/${var.name}-${part}-${tag}.pushed" }
  platform     = { arm64 = "linux/arm64", x86_64 = "linux/amd64" }[var.architecture]

  # Parts that the URI does not have are null.
  prebuilt_image = local.builds_image.writer ? null : regex("^(?P<account>[0-9]+)[^/]*/(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?$", var.prebuilt.writer_image_uri)
}

resource "terraform_data" "api_zip" {
  count            = local.builds_api ? 1 : 0
  triggers_replace = [local.api_zip]

  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/lambda_zip.py\" --package api --source-root \"$SOURCE_ROOT\" --architecture \"$ARCHITECTURE\" --output \"$OUTPUT\""
    environment = {
      TOOLS        = "${path.module}/tools"
      SOURCE_ROOT  = var.source_root
      ARCHITECTURE = var.architecture
      OUTPUT       = local.api_zip
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists("${local.lambdas}/api/pyproject.toml")
      error_message = "There is no lambdas/api to build the collector's zip from: name a ready one in prebuilt.api_zip."
    }
  }
}

resource "terraform_data" "sinks_zip" {
  count            = local.builds_sinks ? 1 : 0
  triggers_replace = [local.sinks_zip]

  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/lambda_zip.py\" --package sinks --source-root \"$SOURCE_ROOT\" --architecture \"$ARCHITECTURE\" --output \"$OUTPUT\""
    environment = {
      TOOLS        = "${path.module}/tools"
      SOURCE_ROOT  = var.source_root
      ARCHITECTURE = var.architecture
      OUTPUT       = local.sinks_zip
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists("${local.lambdas}/sinks/pyproject.toml")
      error_message = "There is no lambdas/sinks to build the sinks' zip from: name a ready one in prebuilt.sinks_zip."
    }
  }
}

resource "terraform_data" "reports_zip" {
  count            = local.builds_reports ? 1 : 0
  triggers_replace = [local.reports_zip]

  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/lambda_zip.py\" --package reports --source-root \"$SOURCE_ROOT\" --architecture \"$ARCHITECTURE\" --output \"$OUTPUT\""
    environment = {
      TOOLS        = "${path.module}/tools"
      SOURCE_ROOT  = var.source_root
      ARCHITECTURE = var.architecture
      OUTPUT       = local.reports_zip
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists("${local.lambdas}/reports/pyproject.toml")
      error_message = "There is no lambdas/reports to build the reports' zip from: name a ready one in prebuilt.reports_zip."
    }
  }
}

resource "terraform_data" "cluster_zip" {
  count            = local.builds_cluster ? 1 : 0
  triggers_replace = [local.cluster_zip]

  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/lambda_zip.py\" --package spark_writer --source-root \"$SOURCE_ROOT\" --architecture \"$ARCHITECTURE\" --output \"$OUTPUT\""
    environment = {
      TOOLS        = "${path.module}/tools"
      SOURCE_ROOT  = var.source_root
      ARCHITECTURE = var.architecture
      OUTPUT       = local.cluster_zip
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists("${local.lambdas}/spark_writer/pyproject.toml")
      error_message = "There is no lambdas/spark_writer to build the cluster's zip from: name a ready one in prebuilt.cluster_zip."
    }
  }
}

resource "terraform_data" "cluster_jars" {
  count            = local.fetches_jars ? 1 : 0
  triggers_replace = local.cluster_jars

  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/fetch_jars.py\" --pins \"$PINS\" --output \"$OUTPUT\""
    environment = {
      TOOLS  = "${path.module}/tools"
      PINS   = "${var.source_root}/${local.jars_toml}"
      OUTPUT = "${path.module}/build/jars"
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.cluster_jars) > 0
      error_message = "There is no ${local.jars_toml} that says which jars the cluster needs: name ready ones in prebuilt.cluster_jars."
    }
  }
}

# A ready image is looked for while an apply is planned, where it is this account's. Another account
# may well give its image to Lambda and tell us nothing of it.
data "aws_ecr_image" "prebuilt_writer_image_uri" {
  count = try(local.prebuilt_image.account, null) == var.account_id ? 1 : 0

  registry_id     = local.prebuilt_image.account
  repository_name = local.prebuilt_image.repository
  image_tag       = local.prebuilt_image.tag
  image_digest    = local.prebuilt_image.digest
}

# Fails before there is anything to clean up: the repositories wait for it, and the root module lets
# everything else wait for this one.
resource "terraform_data" "container_engine" {
  count            = length(local.dockerfiles) > 0 ? 1 : 0
  triggers_replace = values(local.image_tags)

  provisioner "local-exec" {
    command = "sh \"$TOOLS/check_platform.sh\" \"$SOURCE_ROOT\" \"$PLATFORM\""
    environment = {
      TOOLS       = "${path.module}/tools"
      SOURCE_ROOT = var.source_root
      PLATFORM    = local.platform
    }
  }

  lifecycle {
    precondition {
      condition     = alltrue([for file in values(local.dockerfiles) : fileexists("${var.source_root}/${file}")])
      error_message = "There is no ${join(" or no ", values(local.dockerfiles))} to build an image from: name ready ones in prebuilt.writer_image_uri and prebuilt.poller_image_uri."
    }
  }
}

resource "aws_ecr_repository" "image" {
  # checkov:skip=CKV_AWS_136:AWS's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  for_each             = local.dockerfiles
  name                 = "${var.name}-${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true # Every image can be built again.

  image_scanning_configuration {
    scan_on_push = true
  }

  depends_on = [terraform_data.container_engine, terraform_data.api_zip]
}

resource "aws_ecr_lifecycle_policy" "image" {
  for_each   = local.dockerfiles
  repository = aws_ecr_repository.image[each.key].name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep what a rollback needs."
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 5 }
      action       = { type = "expire" }
    }]
  })
}

data "aws_ecr_authorization_token" "images" {
  count = length(local.dockerfiles) > 0 ? 1 : 0
}

resource "terraform_data" "image" {
  for_each         = local.dockerfiles
  triggers_replace = [local.image_uris[each.key]]

  # Steps of their own, since Terraform hides what a command prints when it is given a secret.
  provisioner "local-exec" {
    command = "uv run --no-project --python '>=3.11' python \"$TOOLS/image_is_pushed.py\" \"$IMAGE\" \"$NOTE\""
    environment = {
      TOOLS             = "${path.module}/tools"
      IMAGE             = local.image_uris[each.key]
      NOTE              = local.pushed_notes[each.key]
      REGISTRY_USER     = data.aws_ecr_authorization_token.images[0].user_name
      REGISTRY_PASSWORD = data.aws_ecr_authorization_token.images[0].password
    }
  }

  provisioner "local-exec" {
    command = "test -e \"$NOTE\" || sh \"$TOOLS/build_image.sh\" \"$SOURCE_ROOT\" \"$DOCKERFILE\" \"$IMAGE\" \"$PLATFORM\""
    environment = {
      TOOLS       = "${path.module}/tools"
      SOURCE_ROOT = var.source_root
      DOCKERFILE  = each.value
      IMAGE       = local.image_uris[each.key]
      PLATFORM    = local.platform
      NOTE        = local.pushed_notes[each.key]
    }
  }

  provisioner "local-exec" {
    command = "test -e \"$NOTE\" || sh \"$TOOLS/push_image.sh\" \"$IMAGE\""
    environment = {
      TOOLS             = "${path.module}/tools"
      IMAGE             = local.image_uris[each.key]
      NOTE              = local.pushed_notes[each.key]
      REGISTRY_USER     = data.aws_ecr_authorization_token.images[0].user_name
      REGISTRY_PASSWORD = data.aws_ecr_authorization_token.images[0].password
    }
  }
}

# What an earlier version had under other names.

moved {
  from = aws_ecr_repository.writer[0]
  to   = aws_ecr_repository.image["writer"]
}

moved {
  from = aws_ecr_lifecycle_policy.writer[0]
  to   = aws_ecr_lifecycle_policy.image["writer"]
}

moved {
  from = terraform_data.writer_image[0]
  to   = terraform_data.image["writer"]
}
