import {
	Bar,
	BarChart,
	CartesianGrid,
	ReferenceLine,
	ResponsiveContainer,
	Tooltip,
	XAxis,
	YAxis,
} from 'recharts';
import { historyWords } from '../../words/group-history.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { Day } from './group-data.ts';

export type Series = {
	readonly name: string;
	readonly color: string;
	readonly isBelow?: boolean;
	readonly of: (day: Day) => number | null;
};

const axis = { fill: 'var(--soft)', fontSize: 12 };

/** Bars, one day each. Arrow keys move from day to day, and what they stop at is read out. */
export function DayChart({ title, days, series }: { title: string; days: readonly Day[]; series: Series[] }) {
	const times = useTimes();
	const rows = days.map((day) => ({
		day,
		label: day.day,
		...Object.fromEntries(series.map((one) => [one.name, signed(one, day)])),
	}));
	const dayOf = (label: unknown) => times.shortDay(String(label));
	return (
		<ResponsiveContainer width="100%" height="100%">
			<BarChart
				data={rows}
				title={title}
				stackOffset="sign"
				accessibilityLayer
				margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
			>
				<CartesianGrid vertical={false} stroke="var(--line)" />
				<XAxis
					dataKey="label"
					tickFormatter={dayOf}
					tick={axis}
					tickLine={false}
					axisLine={false}
					minTickGap={40}
				/>
				<YAxis
					tickFormatter={(value) => times.number(Math.abs(Number(value)))}
					tick={axis}
					tickLine={false}
					axisLine={false}
					allowDecimals={false}
					width={40}
				/>
				<ReferenceLine y={0} stroke="var(--line-strong)" />
				<Tooltip
					cursor={{ fill: 'var(--hover)' }}
					isAnimationActive={false}
					content={({ active, label }) => {
						const day = days.find((one) => one.day === label);
						return active && day !== undefined ? <DayTip day={day} series={series} /> : null;
					}}
				/>
				{series.map(({ name, color }) => (
					<Bar
						key={name}
						dataKey={name}
						stackId="day"
						fill={color}
						maxBarSize={22}
						radius={[3, 3, 0, 0]}
						isAnimationActive={false}
					/>
				))}
			</BarChart>
		</ResponsiveContainer>
	);
}

function DayTip({ day, series }: { day: Day; series: readonly Series[] }) {
	const words = useWords(historyWords);
	const times = useTimes();
	return (
		<div className="chart-tip" role="status">
			<p className="soft small">{times.calendarDay(day.day)}</p>
			{series.map((one) => {
				const count = one.of(day);
				return (
					<p key={one.name}>
						{one.name}: <strong>{count === null ? words.unknown : times.number(count)}</strong>
					</p>
				);
			})}
			{day.partial && <p className="soft small">{words.partial}</p>}
		</div>
	);
}

function signed({ of, isBelow = false }: Series, day: Day): number | null {
	const count = of(day);
	return count === null ? null : isBelow ? -count : count;
}
