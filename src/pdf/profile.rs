//! The colours of a press, as its ICC profile describes them.

use std::sync::{Arc, LazyLock};

use moxcms::{
    ColorProfile, DataColorSpace, LutDataType, LutStore, LutWarehouse, ProfileClass, ProfileText,
};

/// The profile of a press: offset on coated paper, as the European standard describes it, with at most
/// 300 % of ink. `FOGRA39L_coated.txt` says where it comes from.
const COATED: &[u8] = include_bytes!("FOGRA39L_coated.icc");

static STANDARD: LazyLock<Arc<Profile>> = LazyLock::new(|| {
    let profile = Profile::read(COATED.to_vec()).expect("the program's own profile can be read");
    Arc::new(Profile { name: "FOGRA39".to_owned(), registered: true, ..profile })
});

/// A profile of a press that prints with cyan, magenta, yellow and black.
#[derive(Debug, PartialEq)]
pub(crate) struct Profile {
    /// The file.
    pub(super) data: Vec<u8>,
    /// What it is called.
    pub(super) name: String,
    /// Whether the registry of the ICC has the name.
    pub(super) registered: bool,
    table: Table,
}

/// A table from colours to inks: Lab to CMYK (ICC.1:2001-04, 6.5.7 and 6.5.8). All values are from 0 to 1.
#[derive(Debug, PartialEq)]
struct Table {
    /// A curve for each of L, a and b.
    inputs: Vec<f64>,
    /// How many points the grid has in each direction.
    points: usize,
    grid: Vec<f64>,
    /// A curve for each ink.
    outputs: Vec<f64>,
    /// Whether the values of the file had 8 bits, and not 16: then Lab is written otherwise.
    bytes: bool,
}

impl Profile {
    /// The profile that is used unless a letter has its own.
    pub(crate) fn standard() -> Arc<Self> {
        STANDARD.clone()
    }

    /// Reads an ICC profile of version 2. `None` if it is none, or not one of a press with four inks.
    pub(crate) fn read(data: Vec<u8>) -> Option<Self> {
        // PDF/X-1a allows no later version, and their tables are others.
        if data.get(8) != Some(&2) {
            return None;
        }
        let profile = ColorProfile::new_from_slice(&data).ok()?;
        if profile.profile_class != ProfileClass::OutputDevice
            || profile.color_space != DataColorSpace::Cmyk
            || profile.pcs != DataColorSpace::Lab
        {
            return None;
        }
        let table = profile.lut_b_to_a_colorimetric.or(profile.lut_b_to_a_perceptual);
        let Some(LutWarehouse::Lut(table)) = table else { return None };
        let table = Table::read(&table)?;
        let name = match profile.description? {
            ProfileText::PlainString(name) => name,
            ProfileText::Description(name) => name.ascii_string,
            ProfileText::Localizable(names) => names.into_iter().next()?.value,
        };
        let plain = |letter: &char| matches!(letter, ' '..='~') && !"()\\<>&".contains(*letter);
        let name: String = name.chars().filter(plain).collect();
        // Its name tells the printer which press it is.
        if name.trim().is_empty() {
            return None;
        }
        Some(Self { data, name, registered: false, table })
    }

    /// The inks that print a colour of sRGB. Greys are black alone.
    pub(super) fn inks(&self, rgb: [f64; 3]) -> [f64; 4] {
        let [red, green, blue] = rgb;
        if red == green && green == blue {
            return [0.0, 0.0, 0.0, 1.0 - red];
        }
        self.table.look_up(lab(rgb))
    }
}

/// A colour of sRGB as Lab under D50, the light of ICC profiles. The matrix is that of IEC 61966-2-1,
/// adapted from D65 with the method of Bradford. Powers and roots are not those of the system, whose last
/// digits differ from one to another.
fn lab(rgb: [f64; 3]) -> [f64; 3] {
    const MATRIX: [[f64; 3]; 3] = [
        [0.436_074_7, 0.385_064_9, 0.143_080_4],
        [0.222_504_5, 0.716_878_6, 0.060_616_9],
        [0.013_932_2, 0.097_104_5, 0.714_173_3],
    ];
    const WHITE: [f64; 3] = [0.964_22, 1.0, 0.825_21];
    let linear = rgb.map(|value| {
        if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    });
    let [x, y, z] = [0, 1, 2].map(|row: usize| {
        let sum: f64 = MATRIX[row].iter().zip(linear).map(|(factor, value)| factor * value).sum();
        let part = sum / WHITE[row];
        if part > 216.0 / 24389.0 {
            libm::cbrt(part)
        } else {
            (24389.0 / 27.0 * part + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

impl Table {
    fn read(table: &LutDataType) -> Option<Self> {
        let values = |store: &LutStore| match store {
            LutStore::Store8(values) => values.iter().map(|v| f64::from(*v) / 255.0).collect(),
            LutStore::Store16(values) => values.iter().map(|v| f64::from(*v) / 65535.0).collect(),
        };
        let (inputs, grid, outputs): (Vec<f64>, Vec<f64>, Vec<f64>) =
            (values(&table.input_table), values(&table.clut_table), values(&table.output_table));
        let points = usize::from(table.num_clut_grid_points);
        let whole = table.num_input_channels == 3
            && table.num_output_channels == 4
            && points > 1
            && inputs.len() >= 6
            && inputs.len().is_multiple_of(3)
            && outputs.len() >= 8
            && outputs.len().is_multiple_of(4)
            && grid.len() == points * points * points * 4;
        let bytes = matches!(table.clut_table, LutStore::Store8(_));
        whole.then_some(Self { inputs, points, grid, outputs, bytes })
    }

    /// The inks for a colour in Lab. The colours between those of the grid are interpolated here, and not
    /// by the library: its result depends on what the processor can do.
    #[expect(clippy::cast_sign_loss, reason = "positions in a table are not negative")]
    fn look_up(&self, [l, a, b]: [f64; 3]) -> [f64; 4] {
        let lab = if self.bytes {
            [l / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0]
        } else {
            [l * 652.8 / 65535.0, (a + 128.0) * 256.0 / 65535.0, (b + 128.0) * 256.0 / 65535.0]
        };
        let length = self.inputs.len() / 3;
        let position = [0, 1, 2].map(|channel: usize| {
            let curve = &self.inputs[channel * length..(channel + 1) * length];
            at(curve, lab[channel]) * (self.points - 1) as f64
        });
        let mut inks = [0.0; 4];
        for corner in 0..8_usize {
            let (mut weight, mut index) = (1.0, 0);
            for (channel, position) in position.iter().enumerate() {
                let below = (*position as usize).min(self.points - 2);
                let fraction = position - below as f64;
                let above = corner >> channel & 1;
                weight *= if above == 1 { fraction } else { 1.0 - fraction };
                index = index * self.points + below + above;
            }
            for (ink, value) in inks.iter_mut().zip(&self.grid[index * 4..]) {
                *ink += weight * value;
            }
        }
        let length = self.outputs.len() / 4;
        [0, 1, 2, 3]
            .map(|ink: usize| at(&self.outputs[ink * length..(ink + 1) * length], inks[ink]))
    }
}

/// The value of a curve, whose points are equally far from one another.
#[expect(clippy::cast_sign_loss, reason = "positions in a curve are not negative")]
fn at(curve: &[f64], value: f64) -> f64 {
    let last = curve.len() - 1;
    let position = value.clamp(0.0, 1.0) * last as f64;
    let below = (position as usize).min(last - 1);
    let fraction = position - below as f64;
    (curve[below] * (1.0 - fraction) + curve[below + 1] * fraction).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_inks() {
        let profile = Profile::standard();
        let percent = |rgb| profile.inks(rgb).map(|ink| (ink * 100.0).round());
        assert_eq!(percent([0.0, 0.0, 0.0]), [0.0, 0.0, 0.0, 100.0]);
        assert_eq!(percent([1.0, 1.0, 1.0]), [0.0, 0.0, 0.0, 0.0]);
        assert_eq!(percent([0.5, 0.5, 0.5]), [0.0, 0.0, 0.0, 50.0]);
        // Nearly white is nearly no ink.
        assert!(profile.inks([1.0, 1.0, 0.99]).iter().sum::<f64>() < 0.1);
        let [cyan, magenta, yellow, black] = percent([0.9, 0.1, 0.1]);
        assert!(cyan < 20.0 && magenta > 85.0 && yellow > 75.0 && black < 20.0);
        let [cyan, magenta, yellow, _] = percent([0.1, 0.2, 0.6]);
        assert!(cyan > 80.0 && magenta > 60.0 && yellow < 40.0);
        // No colour takes more ink than presses can dry.
        for red in 0..18 {
            for green in 0..18 {
                for blue in 0..18 {
                    let rgb = [red, green, blue].map(|value| f64::from(value) / 17.0);
                    assert!(profile.inks(rgb).iter().sum::<f64>() <= 3.02, "{rgb:?}");
                }
            }
        }
    }

    /// To the last digit: every computer writes the same file.
    #[test]
    fn colours_are_the_same_on_every_computer() {
        let red = [49.857_429_622_030_21, 72.347_994_509_866_07, 56.548_494_031_178_464];
        assert_eq!(lab([0.9, 0.1, 0.1]), red);
        let blue = [42.728_884_193_647_07, 3.044_080_992_857_578_5, -46.582_290_625_436_244];
        assert_eq!(lab([0.2, 0.4, 0.7]), blue);
    }

    #[test]
    fn other_files_are_no_profiles() {
        assert_eq!(Profile::read(Vec::new()), None);
        assert_eq!(Profile::read(b"a picture".repeat(100)), None);
        for end in (0..COATED.len()).step_by(997) {
            assert_eq!(Profile::read(COATED[..end].to_vec()), None, "{end}");
        }
    }

    #[test]
    fn a_profile_has_a_name() {
        const NAME: &[u8] = b"FOGRA39L coated, 300 % ink";
        let named = |name: &[u8; NAME.len()]| {
            let mut file = COATED.to_vec();
            while let Some(at) = memchr::memmem::find(&file, NAME) {
                file[at..at + NAME.len()].copy_from_slice(name);
            }
            Profile::read(file).map(|profile| profile.name)
        };
        assert_eq!(named(b"(Ours) (is) (another one) "), Some("Ours is another one ".to_owned()));
        assert_eq!(named(&[b'('; NAME.len()]), None);
        assert_eq!(named(b"() () () () () () () () ()"), None);
    }
}
