/** An error as the provider shows the API's answer: code and text are the stable part. */
export function apiError(code: number, message: string, status = 400): string {
  return `failed to make http request: ${String(status)} {"success":false,"errors":[{"code":${String(code)},"message":${JSON.stringify(message)}}]}`;
}
