//! Pictures of pixels.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use memchr::memmem;
use parking_lot::Mutex;
use typst::utils::hash128;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::pdf::colours::{self, Space};
use crate::pdf::objects::Objects;
use crate::pdf::profile::Profile;
use crate::pdf::value::{Dictionary, Stream, Value};

/// Converts the pixels of a picture to the inks of a press. A mask says how opaque they are, if they are to
/// be printed as if they were on white. Returns the picture, if it has changed, and the most ink that a
/// point gets; `None` if the picture cannot be read.
#[expect(clippy::cast_sign_loss, reason = "there is no negative ink")]
pub(super) fn convert(
    objects: &Objects<'_>,
    mut picture: Stream,
    space: Space,
    mask: Option<usize>,
    profile: &Profile,
) -> Option<(Option<Stream>, f64)> {
    if space == Space::Grey && mask.is_none() {
        return Some((None, 1.0));
    }
    let channels = match space {
        Space::Grey => 1,
        Space::Rgb => 3,
        Space::Cmyk => 4,
        Space::Pattern | Space::Other => return None,
    };
    let size = |key| picture.dictionary.count(key);
    let pixels = size("Width")?.checked_mul(size("Height")?)?;
    let samples = match samples(&picture, channels, pixels) {
        // It stays as it is, so nobody has to read it. This concerns JPEG files in YCCK.
        None if space == Space::Cmyk && mask.is_none() => return Some((None, 0.0)),
        samples => samples?,
    };
    let opacity = match mask {
        Some(mask) => Some(self::samples(&objects.stream(mask)?, 1, pixels)?),
        None => None,
    };
    let mut known: HashMap<[u8; 5], [u8; 4]> = HashMap::new();
    let (mut most, mut coloured) = (0, false);
    let mut inks = Vec::with_capacity(pixels * 4);
    for (index, pixel) in samples.chunks_exact(channels).enumerate() {
        let opaque = opacity.as_ref().map_or(255, |opacity| opacity[index]);
        let mut key = [0, 0, 0, 0, opaque];
        key[..channels].copy_from_slice(pixel);
        let pixel = *known.entry(key).or_insert_with(|| {
            let part = |index: usize| f64::from(key[index]) / 255.0;
            let inks = match space {
                Space::Grey => [0.0, 0.0, 0.0, 1.0 - part(0)],
                Space::Rgb => profile.inks([part(0), part(1), part(2)]),
                _ => [part(0), part(1), part(2), part(3)],
            };
            inks.map(|ink| (ink * 255.0 * f64::from(opaque) / 255.0).round() as u8)
        });
        most = most.max(pixel.iter().map(|ink| u32::from(*ink)).sum());
        coloured |= pixel[..3] != [0, 0, 0];
        inks.extend_from_slice(&pixel);
    }
    let most = f64::from(most) / 255.0;
    if space == Space::Cmyk && mask.is_none() {
        // Its pixels are those of the artist.
        return Some((None, most));
    }
    let dictionary = &mut picture.dictionary;
    for key in ["SMask", "Decode", "Intent"] {
        if key != "SMask" || mask.is_some() {
            dictionary.remove(key);
        }
    }
    dictionary.set("BitsPerComponent", Value::raw("8"));
    if coloured {
        dictionary.set("ColorSpace", Value::name("DeviceCMYK"));
        picture.set(&inks);
    } else {
        dictionary.set("ColorSpace", Value::name("DeviceGray"));
        let greys: Vec<u8> = inks.chunks_exact(4).map(|pixel| 255 - pixel[3]).collect();
        picture.set(&greys);
    }
    Some((Some(picture), most))
}

/// The samples of a picture, a byte for each.
fn samples(picture: &Stream, channels: usize, pixels: usize) -> Option<Vec<u8>> {
    let dictionary = &picture.dictionary;
    let count = pixels.checked_mul(channels)?;
    let mut samples = if dictionary.name("Filter") == Some("DCTDecode") {
        let space = match channels {
            1 => ColorSpace::Luma,
            3 => ColorSpace::RGB,
            _ => ColorSpace::CMYK,
        };
        let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
        JpegDecoder::new_with_options(ZCursor::new(&picture.data), options).decode().ok()?
    } else {
        let plain = picture.plain()?;
        match dictionary.number("BitsPerComponent")? {
            8.0 => plain,
            // The first byte is the greater one.
            16.0 => plain.chunks_exact(2).map(|sample| sample[0]).collect(),
            _ => return None,
        }
    };
    if channels == 4 && dictionary.get("Decode").is_some() {
        samples.iter_mut().for_each(|sample| *sample = 255 - *sample);
    }
    (samples.len() == count).then_some(samples)
}

/// How many pictures are remembered: those of the letters of a merge are the same ones.
const REMEMBERED: usize = 16;

/// The pictures that are grey, by the bytes of a sample and their data, with one sample of each pixel,
/// compressed.
static GREYS: Mutex<Vec<(u128, Arc<Vec<u8>>)>> = Mutex::new(Vec::new());

/// Makes pictures whose pixels are all grey, though they are saved in colour, grey ones: black and greys
/// are one ink.
pub(super) fn find_greys(objects: &mut Objects<'_>) {
    for number in objects.numbers() {
        let body = objects.get(number);
        let head = &body[..body.len().min(400)];
        if !body.ends_with(b"endstream") || memmem::find(head, b"/Subtype/Image").is_none() {
            continue;
        }
        let Some(mut picture) = objects.stream(number) else { continue };
        let is_rgb = picture
            .dictionary
            .get("ColorSpace")
            .is_some_and(|space| colours::space(objects, space) == Space::Rgb);
        if is_rgb && let Some(data) = greys(&picture) {
            picture.data = data.to_vec();
            picture.dictionary.set("ColorSpace", Value::name("DeviceGray"));
            objects.put_stream(number, &picture);
        }
    }
}

/// One sample of each pixel of a picture in RGB, compressed, if all its pixels are grey.
fn greys(picture: &Stream) -> Option<Arc<Vec<u8>>> {
    let dictionary = &picture.dictionary;
    if dictionary.name("Filter") != Some("FlateDecode") || dictionary.get("DecodeParms").is_some() {
        return None;
    }
    let width = if dictionary.number("BitsPerComponent")? == 8.0 { 1 } else { 2 };
    let key = hash128(&(width, &picture.data));
    if let Some((_, known)) = GREYS.lock().iter().find(|(known, _)| *known == key) {
        return Some(known.clone());
    }
    // A picture in colour is recognized by its first pixels in colour.
    let mut pixels = BufReader::new(ZlibDecoder::new(&*picture.data));
    let mut grey = Vec::new();
    let mut pixel = vec![0; 3 * width];
    while pixels.read_exact(&mut pixel).is_ok() {
        let (first, rest) = pixel.split_at(width);
        if rest[..width] != *first || rest[width..] != *first {
            return None;
        }
        grey.extend_from_slice(first);
    }
    let data = Arc::new(Stream::new(Dictionary::default(), &grey).data);
    let mut known = GREYS.lock();
    if known.len() == REMEMBERED {
        known.remove(0);
    }
    known.push((key, data.clone()));
    Some(data)
}
