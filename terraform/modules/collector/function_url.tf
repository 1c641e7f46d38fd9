# The entry "function_url": the function's own address. Cheaper than an API (nothing per request),
# but without throttling (reserved concurrency is its only ceiling), access logs or a domain of one's
# own.

locals {
  function_url = var.settings.entry == "function_url" ? 1 : 0
}

resource "aws_lambda_function_url" "collector" {
  count              = local.function_url
  function_name      = module.function.name
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "function_url" {
  count                  = local.function_url
  statement_id           = "FunctionUrl"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = module.function.name
  principal              = "*"
  function_url_auth_type = "NONE"
}

# A function URL made since October 2025 needs lambda:InvokeFunction too, for everyone, but only
# through the URL. Before 6.28 the provider cannot say that condition, and without it anyone with an
# AWS account could invoke the function past the URL (docs/adr/0008). CloudFormation can.
resource "aws_cloudformation_stack" "invoke_through_url" {
  count = local.function_url
  name  = "${var.name}-url"

  template_body = jsonencode({
    Description = "Lets everyone invoke ${var.name} through its function URL."
    Resources = {
      InvokeThroughUrl = {
        Type = "AWS::Lambda::Permission"
        Properties = {
          Action                = "lambda:InvokeFunction"
          FunctionName          = module.function.name
          Principal             = "*"
          InvokedViaFunctionUrl = true
        }
      }
    }
  })
}
