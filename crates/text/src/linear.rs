//! A linear classifier, one against the rest: support vectors with squared hinge loss, by dual coordinate descent
//! (Hsieh et al. 2008) for all classes at once, so that each text is read once a round.

/// Rows of a matrix with a weight: what a text shows.
pub type Sparse = Vec<(u32, f32)>;

const COST: f32 = 1.0;
/// One class stands against many others; its own texts count for more.
const OWN: f32 = 20.0;

pub struct Linear {
    pub classes: usize,
    /// A row for each feature, then one that is always there.
    pub weights: Vec<f32>,
}

impl Linear {
    pub fn scores(&self, text: &Sparse) -> Vec<f32> {
        let mut scores = vec![0.0; self.classes];
        for (row, value) in text {
            let row = *row as usize * self.classes;
            for (score, weight) in scores.iter_mut().zip(self.weights.get(row..).unwrap_or_default()) {
                *score += value * weight;
            }
        }
        scores
    }

    fn add(&mut self, text: &Sparse, steps: &[f32]) {
        for (row, value) in text {
            let row = *row as usize * self.classes;
            for (weight, step) in self.weights[row..].iter_mut().zip(steps) {
                *weight += value * step;
            }
        }
    }

    /// `texts` name the class of each text; `rows` is how many features there are.
    pub fn train(texts: &[(&Sparse, usize)], rows: usize, classes: usize) -> Self {
        let mut linear = Self { classes, weights: vec![0.0; rows * classes] };
        let rounds = if texts.len() > 3_000 { 6 } else { 12 };
        let lengths: Vec<f32> = texts.iter().map(|(text, _)| text.iter().map(|(_, x)| x * x).sum()).collect();
        let mut duals = vec![0.0_f32; texts.len() * classes];
        let mut order: Vec<usize> = (0..texts.len()).collect();
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        for _ in 0..rounds {
            dice.shuffle(&mut order);
            for &at in &order {
                let (text, own) = texts[at];
                let mut steps = linear.scores(text);
                for (class, (step, dual)) in steps.iter_mut().zip(&mut duals[at * classes..]).enumerate() {
                    let (sign, cost) = if class == own { (1.0, COST * OWN) } else { (-1.0, COST) };
                    let soft = 0.5 / cost;
                    let wrong = sign * *step - 1.0 + soft * *dual;
                    let next = (*dual - wrong / (lengths[at] + soft)).max(0.0);
                    *step = (next - *dual) * sign;
                    *dual = next;
                }
                linear.add(text, &steps);
            }
        }
        linear
    }

    /// The middle of each class, of length one.
    pub fn centres(texts: &[(&Sparse, usize)], rows: usize, classes: usize) -> Self {
        let mut linear = Self { classes, weights: vec![0.0; rows * classes] };
        for (text, class) in texts {
            for (row, value) in *text {
                linear.weights[*row as usize * classes + class] += value;
            }
        }
        let mut lengths = vec![0.0_f32; classes];
        for (at, weight) in linear.weights.iter().enumerate() {
            lengths[at % classes] += weight * weight;
        }
        for (at, weight) in linear.weights.iter_mut().enumerate() {
            *weight /= lengths[at % classes].sqrt().max(f32::MIN_POSITIVE);
        }
        linear
    }
}

/// Xorshift: the same examples make the same model.
pub struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, list: &mut [usize]) {
        for at in (1..list.len()).rev() {
            let other = usize::try_from(self.next() >> 33).unwrap_or_default() % (at + 1);
            list.swap(at, other);
        }
    }
}
