# An empty batch, once for each image and environment: the writer creates what is missing of the tables
# as it starts, and then of the views (docs/adr/0007). So a query answers before the first event, Glue's
# optimizers have something to optimize, and what keeps the writer from starting fails the apply.
resource "aws_lambda_invocation" "tables" {
  function_name = module.function.name
  qualifier     = module.function.qualifier
  input         = jsonencode({ Records = [], views = var.views })

  triggers = {
    image       = var.image.uri
    environment = sha256(jsonencode(local.environment))
  }

  # Lambda has tried the role's rights for the mapping: they have reached every server.
  depends_on = [aws_lambda_event_source_mapping.stream]
}
