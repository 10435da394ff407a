//! How the functions for templates are declared to Typst.

use std::sync::LazyLock;

use typst::foundations::{CastInfo, NativeFuncData, NativeFuncPtr, NativeType, Scope, Type};

/// A function that reads its arguments itself and returns a `T`.
pub(super) const fn function<T: NativeType>(
    function: NativeFuncPtr,
    name: &'static str,
    title: &'static str,
    docs: &'static str,
) -> NativeFuncData {
    NativeFuncData {
        function,
        name,
        title,
        docs,
        def_site: None,
        keywords: &[],
        contextual: false,
        scope: LazyLock::new(&Scope::new),
        params: LazyLock::new(&Vec::new),
        returns: LazyLock::new(&|| CastInfo::Type(Type::of::<T>())),
    }
}
