/** ms one exchange with the server may take: login, repeats and the body of the answer included. */
export const requestTimeout = 30_000
