// k6: as many closed-loop clients as --vus says.
import http from "k6/http";

export const options = { discardResponseBodies: true, insecureSkipTLSVerify: true };
const body = __ENV.BODY ? open(__ENV.BODY, "b") : null;

export default function () {
  if (body) http.post(__ENV.URL, body);
  else http.get(__ENV.URL);
}
