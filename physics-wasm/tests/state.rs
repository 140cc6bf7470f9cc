//! What snapshots ask of the kernel.

use kernel::stages::state::uniform;

#[test]
fn uniform_blocks_repeat_their_first_element() {
    for size in [1, 2] {
        for count in [size, 2, 15, 16, 17, 32, 1000, 1024] {
            let mut words: Vec<u32> = (0..count).map(|k| if size == 2 && k % 2 == 1 { 7 } else { 0x8000_0000 }).collect();
            assert!(uniform(&words, size), "{count} of {size}");
            for k in size..count {
                words[k] ^= 1;
                assert!(!uniform(&words, size), "{k} of {count}, {size}");
                words[k] ^= 1;
            }
        }
    }
    assert!(uniform(&[], 1));
}
