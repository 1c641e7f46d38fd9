# The smallest deployment there is: terraform apply -var name=sample
# Region and credentials are those of your AWS environment.

provider "aws" {
  default_tags {
    tags = {
      Project = "headwater"
      Stack   = var.name
    }
  }
}

locals {
  # The loader of every Linux for x86_64, containers' hosts among them. Whatever else builds is most
  # likely a Mac, whose container engine runs arm64, natively or not.
  own_architecture = fileexists("/lib64/ld-linux-x86-64.so.2") ? "x86_64" : "arm64"
}

module "headwater" {
  source = "../terraform"

  name         = var.name
  architecture = coalesce(var.architecture, local.own_architecture)

  demo = { enabled = var.demo }

  # A sample is to be thrown away, with its events. Leave this out for a deployment that matters.
  force_destroy = true

  # A new account may run so few functions at a time that AWS lets it reserve none, so fewer requests
  # are let through instead. Leave both out too, once the account has the ordinary quota.
  writer = { reserve_concurrency = false }
  collector = {
    reserved_concurrency = -1
    throttle             = { requests_per_second = 100, burst = 200 }
  }
}
