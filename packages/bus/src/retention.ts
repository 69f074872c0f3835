/** For how long events stay in the stream unless `CM_EVENT_RETENTION_HOURS` says otherwise. */
export const defaultEventHours = 72;
/** Less than what waits for late events is kept at the least: a group without a star, the id of a deleted account. */
export const maxEventHours = 144;
