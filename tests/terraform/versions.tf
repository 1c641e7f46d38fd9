# An empty configuration: its tests run the modules of ../../terraform (`make terraform-test`), with
# one version of the provider out of those that the modules take.
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
