// Runs in CloudFront for each request to the API. What a client sends under these names is overwritten.
function handler(event) {
  var request = event.request;
  request.headers["headwater-viewer-address"] = { value: event.viewer.ip };
  request.headers["headwater-viewer-host"] = { value: request.headers.host.value };
  return request;
}
