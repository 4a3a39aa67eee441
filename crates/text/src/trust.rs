//! How far a classifier's answer can be trusted: a logistic curve over how much spoke for it, learned from what it says of
//! texts that it has not seen.

use crate::words::number;

/// How strong the best answer is, how near it lies to the middle of its intent, and how far before the second.
pub type Signs = [f32; 3];

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trust {
    pub(crate) weights: [f32; 4],
}

/// The best class, and the signs of its answer.
pub fn signs(scores: &[f32], nearness: &[f32]) -> (usize, Signs) {
    let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
    let others = scores.iter().enumerate().filter(|(class, _)| *class != best).map(|(_, score)| *score);
    let second = others.fold(-2.0, f32::max);
    let near = nearness.get(best).copied().unwrap_or_default();
    (best, [scores[best], near, scores[best] - second])
}

impl Trust {
    pub fn score(&self, signs: &Signs) -> f32 {
        1.0 / (1.0 + (-self.sum(signs)).exp())
    }

    fn sum(&self, signs: &Signs) -> f32 {
        self.weights[3] + signs.iter().zip(self.weights).map(|(sign, weight)| sign * weight).sum::<f32>()
    }

    /// From signs, whether the answer was right, and whether none could be. Texts of no known intent count as much in all
    /// as the others: nobody knows beforehand how many there will be.
    pub fn learn(asked: &[(Signs, bool, bool)]) -> Self {
        let outside = asked.iter().filter(|(_, _, outside)| *outside).count().max(1);
        let inside = asked.iter().filter(|(_, _, outside)| !outside).count().max(1);
        let (outside, inside) = (number(outside), number(inside));
        let mut trust = Self { weights: [1.0, 1.0, 1.0, 0.0] };
        for _ in 0..600 {
            let mut slope = [0.0_f32; 4];
            for (signs, right, out) in asked {
                let share = if *out { outside } else { inside };
                let wrong = (trust.score(signs) - f32::from(u8::from(*right))) / share;
                for (slope, sign) in slope.iter_mut().zip(signs.iter().chain([&1.0])) {
                    *slope += wrong * sign;
                }
            }
            for (weight, slope) in trust.weights.iter_mut().zip(slope) {
                // A weak pull to where it began, so that a few texts do not make it sure of itself.
                *weight -= 1.5 * (slope + 0.002 * *weight);
            }
        }
        trust
    }
}
