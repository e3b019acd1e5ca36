// Numbers out of a seed by SplitMix64 (Steele, Lea, Flood, 2014), and what is
// made of them.
"use strict";

exports.source = (seed) => {
	const mask = (1n << 64n) - 1n;
	let state = BigInt(seed);
	function next() {
		state = (state + 0x9e3779b97f4a7c15n) & mask;
		let z = state;
		z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
		z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
		return Number((z ^ (z >> 31n)) >> 11n);
	}
	const upto = (n) => next() % n;
	return {
		upto,
		one: (list) => list[upto(list.length)],
		chance: (n) => upto(n) === 0,
		some: (most, make) => Array.from({ length: upto(most + 1) }, make),
	};
};
