//! What Fjellvik sells.

use super::chance::Chance;

/// (kind, name, what it is, price in cents)
pub const GOODS: &[(&str, &str, &str, i64)] = &[
    ("tent", "Skarv 2", "Skarv 2 tent", 42_900),
    ("tent", "Skarv 3", "Skarv 3 tent", 52_900),
    ("lamp", "Nupp 400", "Nupp 400 headlamp", 4_900),
    ("lamp", "Nupp 200", "Nupp 200 headlamp", 2_900),
    ("mat", "Lun 4", "Lun 4 sleeping mat", 11_900),
    ("mat", "Lun 2", "Lun 2 sleeping mat", 7_900),
    ("boots", "Tind", "Tind boots", 21_900),
    ("boots", "Tind Low", "Tind Low shoes", 16_900),
    ("shell", "Brekke", "Brekke shell", 28_900),
    ("shell", "Brekke Light", "Brekke Light shell", 22_900),
    ("pack", "Trolltind 48", "Trolltind 48 pack", 19_900),
    ("pack", "Trolltind 32", "Trolltind 32 pack", 14_900),
    ("sleep", "Dunfin", "Dunfin sleeping bag", 25_900),
    ("sleep", "Dunfin Winter", "Dunfin Winter sleeping bag", 38_900),
    ("stove", "Gnist", "Gnist stove", 6_900),
    ("down", "Snøull", "Snøull down jacket", 23_900),
    ("wool", "Ullen", "Ullen base layer", 5_900),
    ("gloves", "Vott", "Vott gloves", 4_500),
    ("bottle", "Bekk", "Bekk bottle", 2_400),
    ("poles", "Stav", "Stav trekking poles", 8_900),
];

/// The place of something of this kind, or of a certain name; of anything, for `any`.
pub fn one(kind: &str, name: &str, chance: &mut Chance) -> usize {
    let fits = |(of, called, ..): &(&str, &str, &str, i64)| {
        if name.is_empty() { kind == "any" || *of == kind } else { *called == name }
    };
    let places: Vec<usize> = (0..GOODS.len()).filter(|place| fits(&GOODS[*place])).collect();
    if places.is_empty() { chance.index(GOODS.len()) } else { *chance.pick(&places) }
}
