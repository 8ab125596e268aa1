// A drill: a second window nobody asked for.
window.open("/", "advert", "width=300,height=200");
