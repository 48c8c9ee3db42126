// The named routes of a page, in the order in which they are shown.

export const ROUTES = ['usual', 'suez', 'cape', 'panama', 'nsr', 'nwp', 'transpolar'];
