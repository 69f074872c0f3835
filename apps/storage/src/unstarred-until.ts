import type { StorageContext } from './context.ts';

/** Until when the messages of a group stay that is unstarred now, or whose star is not known yet. */
export function unstarredUntil({ clock, keeping }: Pick<StorageContext, 'clock' | 'keeping'>): Date {
	return new Date(clock.now() + keeping.unstarredMs);
}
