use base::Feature;

pub fn feature() -> Feature {
    Feature::default()
}
base::id!(ShopId);
