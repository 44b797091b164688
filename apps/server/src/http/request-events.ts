/** What a server emits for a request, each time one of these. */
export const REQUEST_EVENTS = ['request', 'checkContinue', 'checkExpectation'] as const
